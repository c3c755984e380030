"""splink and recordlinkage on one list of people, each as its documentation shows.

    python3 peers.py splink|recordlinkage chinese|latin|febrl people.csv found.csv

Writes the pairs with their probability; the time is taken from outside.
"""
import csv
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
import pandas

FIELDS = {
    "chinese": dict(id="person", names=["name"], birth="birth_date", numbers=["identity_number", "phone"],
                    places=["address", "community"],
                    blocks=[["identity_number"], ["phone"], ["name", "birth_date"], ["name", "community"], ["address"],
                            ["birth_date", "community"], ["name", "sex", "phone"]]),
    "latin": dict(id="person", names=["given_name", "surname"], birth="birth_date", numbers=["identity"],
                  places=["address", "locality", "postcode"],
                  blocks=[["identity"], ["given_name", "surname"], ["birth_date", "surname"],
                          ["birth_date", "given_name"], ["birth_date", "postcode"], ["address"],
                          ["surname", "postcode"]]),
    "febrl": dict(id="rec_id", names=["given_name", "surname"], birth="date_of_birth", numbers=["soc_sec_id"],
                  places=["address_1", "suburb", "postcode"],
                  blocks=[["soc_sec_id"], ["given_name", "surname"], ["date_of_birth"], ["address_1"],
                          ["surname", "postcode"], ["given_name", "postcode"], ["suburb", "surname"]]),
}


def splink(people, fields):
    import splink.comparison_library as library
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    comparisons = [library.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(term_frequency_adjustments=True)
                   for name in fields["names"]]
    comparisons += [library.LevenshteinAtThresholds(column, [1, 2]) for column in [fields["birth"], *fields["numbers"]]]
    comparisons += [library.JaroWinklerAtThresholds(place, [0.9]) for place in fields["places"]]
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name=fields["id"], comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in fields["blocks"]])
    api = DuckDBAPI()
    try:
        people = api.register(people)
    except AttributeError:
        pass
    try:
        linker = Linker(people, settings, db_api=api)
    except TypeError:
        linker = Linker(people, settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*rule) for rule in fields["blocks"][:1]], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on(fields["birth"], fields["names"][0]))
    training.estimate_parameters_using_expectation_maximisation(block_on(fields["places"][0]))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    return found[[fields["id"] + "_l", fields["id"] + "_r", "match_probability"]].itertuples(index=False)


def recordlinkage(people, fields):
    import recordlinkage as toolkit

    people = people.set_index(fields["id"])
    index = toolkit.Index()
    for rule in fields["blocks"][:5]:
        index.block(rule)
    pairs = index.index(people)
    compare = toolkit.Compare()
    for name in [*fields["names"], *fields["places"]]:
        compare.string(name, name, method="jarowinkler", threshold=0.9, label=name)
    for column in [fields["birth"], *fields["numbers"]]:
        compare.exact(column, column, label=column)
    agreements = compare.compute(pairs, people)
    found = toolkit.ECMClassifier(binarize=0.5).fit_predict(agreements)
    return ((one, other, 1.0) for one, other in found)


def main():
    peer, kind, source, target = sys.argv[1:5]
    fields = FIELDS[kind]
    people = pandas.read_csv(source, dtype=str, skipinitialspace=True)
    pairs = {"splink": splink, "recordlinkage": recordlinkage}[peer](people, fields)
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "probability"])
        writer.writerows(pairs)


if __name__ == "__main__":
    main()
