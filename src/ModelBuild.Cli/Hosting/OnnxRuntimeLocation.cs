namespace ModelBuild.Cli.Hosting;

/// <summary>Represents the files of one ONNX Runtime.</summary>
/// <param name="Managed">The path of <c>Microsoft.ML.OnnxRuntime.dll</c>.</param>
/// <param name="NativeFolder">The folder of the native library for this machine.</param>
internal sealed record OnnxRuntimeLocation(string Managed, string NativeFolder);
