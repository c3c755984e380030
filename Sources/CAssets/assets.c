#include "assets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// One array a file; C23's #embed costs a fraction of what a Swift literal does.
static const unsigned char reference_divisions_districts_csv[] = {
#embed "../../Reference/divisions/districts.csv"
};
static const unsigned char reference_divisions_streets_csv[] = {
#embed "../../Reference/divisions/streets.csv"
};
static const unsigned char reference_divisions_communities_csv[] = {
#embed "../../Reference/divisions/communities.csv"
};
static const unsigned char reference_divisions_streets_2023_csv[] = {
#embed "../../Reference/divisions/streets_2023.csv"
};
static const unsigned char reference_holidays_csv[] = {
#embed "../../Reference/holidays.csv"
};
static const unsigned char reference_areacodes_csv[] = {
#embed "../../Reference/areacodes.csv"
};
static const unsigned char reference_pinyin_initials_txt[] = {
#embed "../../Reference/pinyin_initials.txt"
};
static const unsigned char policies_base_yaml[] = {
#embed "../../Policies/base.yaml"
};
static const unsigned char policies_cn_6_yaml[] = {
#embed "../../Policies/cn-6.yaml"
};
static const unsigned char policies_cn_7_yaml[] = {
#embed "../../Policies/cn-7.yaml"
};
static const unsigned char policies_cn_8_yaml[] = {
#embed "../../Policies/cn-8.yaml"
};
static const unsigned char policies_cn_9_yaml[] = {
#embed "../../Policies/cn-9.yaml"
};
static const unsigned char policies_cn_20_measures_yaml[] = {
#embed "../../Policies/cn-20-measures.yaml"
};
static const unsigned char policies_cn_new_10_yaml[] = {
#embed "../../Policies/cn-new-10.yaml"
};
static const unsigned char policies_cn_off_yaml[] = {
#embed "../../Policies/cn-off.yaml"
};
static const unsigned char web_app_css[] = {
#embed "../../Web/app.css"
};
static const unsigned char web_pages_css[] = {
#embed "../../Web/pages.css"
};
static const unsigned char web_live_js[] = {
#embed "../../Web/live.js"
};
static const unsigned char web_queue_js[] = {
#embed "../../Web/queue.js"
};
static const unsigned char web_device_js[] = {
#embed "../../Web/device.js"
};
static const unsigned char web_store_js[] = {
#embed "../../Web/store.js"
};
static const unsigned char web_seal_js[] = {
#embed "../../Web/seal.js"
};
static const unsigned char web_pages_js[] = {
#embed "../../Web/pages.js"
};
static const unsigned char web_waiting_js[] = {
#embed "../../Web/waiting.js"
};
static const unsigned char web_words_js[] = {
#embed "../../Web/words.js"
};
static const unsigned char web_worker_js[] = {
#embed "../../Web/worker.js"
};
static const unsigned char web_field_js[] = {
#embed "../../Web/field.js"
};
static const unsigned char web_door_js[] = {
#embed "../../Web/door.js"
};
static const unsigned char web_capture_js[] = {
#embed "../../Web/capture.js"
};
static const unsigned char web_swab_js[] = {
#embed "../../Web/swab.js"
};
static const unsigned char web_codes_js[] = {
#embed "../../Web/codes.js"
};
static const unsigned char web_code128_js[] = {
#embed "../../Web/code128.js"
};
static const unsigned char web_luminance_js[] = {
#embed "../../Web/luminance.js"
};
static const unsigned char web_qrcode_js[] = {
#embed "../../Web/qrcode.js"
};
static const unsigned char web_qrdecode_js[] = {
#embed "../../Web/qrdecode.js"
};
static const unsigned char web_lists_js[] = {
#embed "../../Web/lists.js"
};
static const unsigned char web_listfile_js[] = {
#embed "../../Web/listfile.js"
};
static const unsigned char web_laboratory_js[] = {
#embed "../../Web/laboratory.js"
};
static const unsigned char web_camera_js[] = {
#embed "../../Web/camera.js"
};
static const unsigned char web_pass_js[] = {
#embed "../../Web/pass.js"
};
static const unsigned char web_passcode_js[] = {
#embed "../../Web/passcode.js"
};
static const unsigned char web_passkey_js[] = {
#embed "../../Web/passkey.js"
};
static const unsigned char web_verify_js[] = {
#embed "../../Web/verify.js"
};
static const unsigned char web_venue_js[] = {
#embed "../../Web/venue.js"
};
static const unsigned char web_manifest_webmanifest[] = {
#embed "../../Web/manifest.webmanifest"
};
static const unsigned char web_icon_svg[] = {
#embed "../../Web/icon.svg"
};

static const Asset assets[] = {
  {"Reference/divisions/districts.csv", reference_divisions_districts_csv, sizeof reference_divisions_districts_csv},
  {"Reference/divisions/streets.csv", reference_divisions_streets_csv, sizeof reference_divisions_streets_csv},
  {"Reference/divisions/communities.csv", reference_divisions_communities_csv, sizeof reference_divisions_communities_csv},
  {"Reference/divisions/streets_2023.csv", reference_divisions_streets_2023_csv,
   sizeof reference_divisions_streets_2023_csv},
  {"Reference/holidays.csv", reference_holidays_csv, sizeof reference_holidays_csv},
  {"Reference/areacodes.csv", reference_areacodes_csv, sizeof reference_areacodes_csv},
  {"Reference/pinyin_initials.txt", reference_pinyin_initials_txt, sizeof reference_pinyin_initials_txt},
  {"Policies/base.yaml", policies_base_yaml, sizeof policies_base_yaml},
  {"Policies/cn-6.yaml", policies_cn_6_yaml, sizeof policies_cn_6_yaml},
  {"Policies/cn-7.yaml", policies_cn_7_yaml, sizeof policies_cn_7_yaml},
  {"Policies/cn-8.yaml", policies_cn_8_yaml, sizeof policies_cn_8_yaml},
  {"Policies/cn-9.yaml", policies_cn_9_yaml, sizeof policies_cn_9_yaml},
  {"Policies/cn-20-measures.yaml", policies_cn_20_measures_yaml, sizeof policies_cn_20_measures_yaml},
  {"Policies/cn-new-10.yaml", policies_cn_new_10_yaml, sizeof policies_cn_new_10_yaml},
  {"Policies/cn-off.yaml", policies_cn_off_yaml, sizeof policies_cn_off_yaml},
  {"Web/app.css", web_app_css, sizeof web_app_css},
  {"Web/pages.css", web_pages_css, sizeof web_pages_css},
  {"Web/live.js", web_live_js, sizeof web_live_js},
  {"Web/queue.js", web_queue_js, sizeof web_queue_js},
  {"Web/device.js", web_device_js, sizeof web_device_js},
  {"Web/store.js", web_store_js, sizeof web_store_js},
  {"Web/seal.js", web_seal_js, sizeof web_seal_js},
  {"Web/pages.js", web_pages_js, sizeof web_pages_js},
  {"Web/waiting.js", web_waiting_js, sizeof web_waiting_js},
  {"Web/words.js", web_words_js, sizeof web_words_js},
  {"Web/worker.js", web_worker_js, sizeof web_worker_js},
  {"Web/field.js", web_field_js, sizeof web_field_js},
  {"Web/door.js", web_door_js, sizeof web_door_js},
  {"Web/capture.js", web_capture_js, sizeof web_capture_js},
  {"Web/swab.js", web_swab_js, sizeof web_swab_js},
  {"Web/codes.js", web_codes_js, sizeof web_codes_js},
  {"Web/code128.js", web_code128_js, sizeof web_code128_js},
  {"Web/luminance.js", web_luminance_js, sizeof web_luminance_js},
  {"Web/qrcode.js", web_qrcode_js, sizeof web_qrcode_js},
  {"Web/qrdecode.js", web_qrdecode_js, sizeof web_qrdecode_js},
  {"Web/lists.js", web_lists_js, sizeof web_lists_js},
  {"Web/listfile.js", web_listfile_js, sizeof web_listfile_js},
  {"Web/laboratory.js", web_laboratory_js, sizeof web_laboratory_js},
  {"Web/camera.js", web_camera_js, sizeof web_camera_js},
  {"Web/pass.js", web_pass_js, sizeof web_pass_js},
  {"Web/passcode.js", web_passcode_js, sizeof web_passcode_js},
  {"Web/passkey.js", web_passkey_js, sizeof web_passkey_js},
  {"Web/verify.js", web_verify_js, sizeof web_verify_js},
  {"Web/venue.js", web_venue_js, sizeof web_venue_js},
  {"Web/manifest.webmanifest", web_manifest_webmanifest, sizeof web_manifest_webmanifest},
  {"Web/icon.svg", web_icon_svg, sizeof web_icon_svg},
};
const size_t assets_count = sizeof assets / sizeof assets[0];

const Asset *assets_first(void) { return assets; }
