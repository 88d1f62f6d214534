namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Represents the files of the restored ONNX Runtime that the program loads.</summary>
/// <param name="Managed">The absolute path of Microsoft.ML.OnnxRuntime.dll.</param>
/// <param name="Native">The absolute folder of the native library for the build machine.</param>
internal sealed record OnnxRuntimePackage(string Managed, string Native);
