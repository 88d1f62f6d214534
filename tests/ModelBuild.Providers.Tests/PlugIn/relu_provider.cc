// An execution provider as a plug-in library, for tests: it runs Relu on the processor. When ONNX Runtime asks for a compiled model it
// writes EPContext nodes and a file beside the model, and it refuses to load such a model without that file. With the option claim=0
// it takes no node.

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "onnxruntime_c_api.h"

namespace {

#define TRY(call) do { if (OrtStatus* status_ = (call)) return status_; } while (0)

const char* const kName = "ReluExecutionProvider";
const char* const kContextFile = "relu.bin";

const OrtApi* api;
const OrtEpApi* ep_api;

bool Is(const char* text, const char* other) { return std::strcmp(text, other) == 0; }

std::string FolderOf(const std::string& path) {
  auto end = path.rfind('/');
  return end == std::string::npos ? "." : path.substr(0, end);
}

// ---- A node that runs

OrtStatus* ORT_API_CALL CreateState(OrtNodeComputeInfo*, OrtNodeComputeContext*, void** state) noexcept {
  *state = nullptr;
  return nullptr;
}

void ORT_API_CALL ReleaseState(OrtNodeComputeInfo*, void*) noexcept {}

OrtStatus* ORT_API_CALL Compute(OrtNodeComputeInfo*, void*, OrtKernelContext* context) noexcept {
  const OrtValue* input;
  TRY(api->KernelContext_GetInput(context, 0, &input));
  OrtTensorTypeAndShapeInfo* info;
  TRY(api->GetTensorTypeAndShape(input, &info));
  size_t rank, elements;
  TRY(api->GetDimensionsCount(info, &rank));
  TRY(api->GetTensorShapeElementCount(info, &elements));
  std::vector<int64_t> shape(rank);
  TRY(api->GetDimensions(info, shape.data(), rank));
  api->ReleaseTensorTypeAndShapeInfo(info);
  OrtValue* output;
  TRY(api->KernelContext_GetOutput(context, 0, shape.data(), rank, &output));
  const void* from;
  void* to;
  TRY(api->GetTensorData(input, &from));
  TRY(api->GetTensorMutableData(output, &to));
  std::transform(static_cast<const float*>(from), static_cast<const float*>(from) + elements, static_cast<float*>(to),
                 [](float value) { return std::max(value, 0.0f); });
  return nullptr;
}

// ---- The provider in a session

struct ReluEp : OrtEp {
  bool claims;
  bool writes_context;
  std::string context_path;
};

const char* ORT_API_CALL GetName(const OrtEp*) noexcept { return kName; }

OrtStatus* ORT_API_CALL GetCapability(OrtEp* self, const OrtGraph* graph, OrtEpGraphSupportInfo* support) noexcept {
  if (!static_cast<ReluEp*>(self)->claims) return nullptr;
  size_t count;
  TRY(api->Graph_GetNumNodes(graph, &count));
  std::vector<const OrtNode*> nodes(count);
  TRY(api->Graph_GetNodes(graph, nodes.data(), count));
  for (const OrtNode* node : nodes) {
    const char* type;
    TRY(api->Node_GetOperatorType(node, &type));
    if (!Is(type, "Relu") && !Is(type, "EPContext")) continue;
    OrtNodeFusionOptions options{};
    options.ort_version_supported = ORT_API_VERSION;
    TRY(ep_api->EpGraphSupportInfo_AddNodesToFuse(support, &node, 1, &options));
  }
  return nullptr;
}

template <typename T>
OrtStatus* Add(std::vector<OrtOpAttr*>& attributes, const char* name, const T* data, size_t length, OrtOpAttrType type) {
  attributes.emplace_back();
  return api->CreateOpAttr(name, data, static_cast<int>(length), type, &attributes.back());
}

OrtStatus* WriteContext(const ReluEp& ep, const OrtNode* node, OrtNode** context_node) {
  auto path = FolderOf(ep.context_path) + "/" + kContextFile;
  FILE* file = std::fopen(path.c_str(), "w");
  if (!file) return api->CreateStatus(ORT_FAIL, ("cannot write " + path).c_str());
  std::fputs("relu", file);
  std::fclose(file);

  const OrtValueInfo *input, *output;
  TRY(api->Node_GetInputs(node, &input, 1));
  TRY(api->Node_GetOutputs(node, &output, 1));
  const char *input_name, *output_name, *name;
  TRY(api->GetValueInfoName(input, &input_name));
  TRY(api->GetValueInfoName(output, &output_name));
  TRY(api->Node_GetName(node, &name));
  std::vector<OrtOpAttr*> attributes;
  const int64_t one = 1, zero = 0;
  TRY(Add(attributes, "main_context", &one, 1, ORT_OP_ATTR_INT));
  TRY(Add(attributes, "embed_mode", &zero, 1, ORT_OP_ATTR_INT));
  TRY(Add(attributes, "ep_cache_context", kContextFile, std::strlen(kContextFile), ORT_OP_ATTR_STRING));
  TRY(Add(attributes, "source", kName, std::strlen(kName), ORT_OP_ATTR_STRING));
  TRY(Add(attributes, "partition_name", name, std::strlen(name), ORT_OP_ATTR_STRING));
  return api->GetModelEditorApi()->CreateNode("EPContext", "com.microsoft", name, &input_name, 1, &output_name, 1,
                                              attributes.data(), attributes.size(), context_node);
}

OrtStatus* CheckContext(const OrtGraph* graph) {
  const ORTCHAR_T* model;
  TRY(api->Graph_GetModelPath(graph, &model));
  auto path = FolderOf(model) + "/" + kContextFile;
  struct stat found;
  return stat(path.c_str(), &found) == 0 ? nullptr : api->CreateStatus(ORT_FAIL, ("there is no " + path).c_str());
}

OrtStatus* ORT_API_CALL Compile(OrtEp* self, const OrtGraph** graphs, const OrtNode** nodes, size_t count, OrtNodeComputeInfo** infos,
                                OrtNode** context_nodes) noexcept {
  const auto& ep = *static_cast<ReluEp*>(self);
  for (size_t i = 0; i < count; i++) {
    const OrtNode* node;
    TRY(api->Graph_GetNodes(graphs[i], &node, 1));
    const char* type;
    TRY(api->Node_GetOperatorType(node, &type));
    if (Is(type, "EPContext")) {
      TRY(CheckContext(graphs[i]));
    } else if (ep.writes_context) {
      TRY(WriteContext(ep, nodes[i], &context_nodes[i]));
    }
    infos[i] = new OrtNodeComputeInfo{ORT_API_VERSION, CreateState, Compute, ReleaseState};
  }
  return nullptr;
}

void ORT_API_CALL ReleaseInfos(OrtEp*, OrtNodeComputeInfo** infos, size_t count) noexcept {
  std::for_each(infos, infos + count, [](OrtNodeComputeInfo* info) { delete info; });
}

// ---- The provider in the process

const char* ORT_API_CALL FactoryName(const OrtEpFactory*) noexcept { return kName; }
const char* ORT_API_CALL FactoryVendor(const OrtEpFactory*) noexcept { return "Tests"; }
uint32_t ORT_API_CALL FactoryVendorId(const OrtEpFactory*) noexcept { return 0; }
const char* ORT_API_CALL FactoryVersion(const OrtEpFactory*) noexcept { return "1.0.0"; }
bool ORT_API_CALL IsStreamAware(const OrtEpFactory*) noexcept { return false; }

OrtStatus* ORT_API_CALL GetSupportedDevices(OrtEpFactory* self, const OrtHardwareDevice* const* devices, size_t count,
                                            OrtEpDevice** supported, size_t, size_t* supported_count) noexcept {
  *supported_count = 0;
  for (size_t i = 0; i < count && *supported_count == 0; i++)
    if (api->HardwareDevice_Type(devices[i]) == OrtHardwareDeviceType_CPU)
      TRY(ep_api->CreateEpDevice(self, devices[i], nullptr, nullptr, &supported[(*supported_count)++]));
  return nullptr;
}

std::string Entry(const OrtSessionOptions* options, const char* key) {
  char text[4096] = "";
  size_t length = sizeof text;
  if (OrtStatus* status = api->GetSessionConfigEntry(options, key, text, &length)) api->ReleaseStatus(status);
  return text;
}

OrtStatus* ORT_API_CALL CreateEp(OrtEpFactory*, const OrtHardwareDevice* const*, const OrtKeyValuePairs* const*, size_t,
                                 const OrtSessionOptions* options, const OrtLogger*, OrtEp** created) noexcept {
  auto* ep = new ReluEp{};
  ep->ort_version_supported = ORT_API_VERSION;
  ep->GetName = GetName;
  ep->GetCapability = GetCapability;
  ep->Compile = Compile;
  ep->ReleaseNodeComputeInfos = ReleaseInfos;
  ep->claims = Entry(options, "ep.reluexecutionprovider.claim") != "0";
  ep->writes_context = Entry(options, "ep.context_enable") == "1";
  ep->context_path = Entry(options, "ep.context_file_path");
  *created = ep;
  return nullptr;
}

void ORT_API_CALL ReleaseEp(OrtEpFactory*, OrtEp* ep) noexcept { delete static_cast<ReluEp*>(ep); }

// The processor's memory is ONNX Runtime's own.
OrtStatus* ORT_API_CALL CreateAllocator(OrtEpFactory*, const OrtMemoryInfo*, const OrtKeyValuePairs*, OrtAllocator** allocator) noexcept {
  *allocator = nullptr;
  return nullptr;
}

void ORT_API_CALL ReleaseAllocator(OrtEpFactory*, OrtAllocator*) noexcept {}

OrtStatus* ORT_API_CALL CreateDataTransfer(OrtEpFactory*, OrtDataTransferImpl** transfer) noexcept {
  *transfer = nullptr;
  return nullptr;
}

}  // namespace

extern "C" OrtStatus* CreateEpFactories(const char*, const OrtApiBase* base, const OrtLogger*, OrtEpFactory** factories, size_t, size_t* count) {
  api = base->GetApi(ORT_API_VERSION);
  ep_api = api->GetEpApi();
  auto* factory = new OrtEpFactory{};
  factory->ort_version_supported = ORT_API_VERSION;
  factory->GetName = FactoryName;
  factory->GetVendor = FactoryVendor;
  factory->GetVendorId = FactoryVendorId;
  factory->GetVersion = FactoryVersion;
  factory->IsStreamAware = IsStreamAware;
  factory->GetSupportedDevices = GetSupportedDevices;
  factory->CreateEp = CreateEp;
  factory->ReleaseEp = ReleaseEp;
  factory->CreateAllocator = CreateAllocator;
  factory->ReleaseAllocator = ReleaseAllocator;
  factory->CreateDataTransfer = CreateDataTransfer;
  factories[0] = factory;
  *count = 1;
  return nullptr;
}

extern "C" OrtStatus* ReleaseEpFactory(OrtEpFactory* factory) {
  delete factory;
  return nullptr;
}
