namespace ModelBuild.Compression.Profiling;

/// <summary>The properties of a machine that measured times depend on.</summary>
/// <param name="OnnxRuntime">The version of ONNX Runtime.</param>
/// <param name="Provider">The execution provider.</param>
/// <param name="Cores">The number of logical processors that the process may use.</param>
/// <param name="Architecture">The architecture of the process, such as <c>x64</c>.</param>
internal sealed record MachineFacts(string OnnxRuntime, string Provider, int Cores, string Architecture);
