using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>What must be known of an execution provider to use it.</summary>
/// <param name="Name">The name in projects and options.</param>
/// <param name="OrtName">ONNX Runtime's name, as it lists what it was built with.</param>
/// <param name="Package">The NuGet package that has it, or a sentence where to get it.</param>
/// <param name="Append">Adds it to a session's options; throws where it is not there.</param>
internal sealed record ProviderInfo(string Name, string OrtName, string Package, Action<SessionOptions> Append);
