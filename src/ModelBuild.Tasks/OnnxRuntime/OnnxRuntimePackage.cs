namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>The ONNX Runtime that the project restored, as the program loads it.</summary>
/// <param name="Managed">The absolute path of Microsoft.ML.OnnxRuntime.dll.</param>
/// <param name="Native">The absolute folder of the native library for the machine that builds.</param>
internal sealed record OnnxRuntimePackage(string Managed, string Native);
