namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Represents ONNX Runtime's native library for one platform in a restored package.</summary>
/// <param name="Package">The package's name and version, such as <c>Microsoft.ML.OnnxRuntime 1.32.0</c>.</param>
/// <param name="Folder">The absolute folder of the library. It may not exist.</param>
/// <param name="RuntimeIdentifier">The platform.</param>
internal sealed record RestoredNative(string Package, string Folder, string RuntimeIdentifier);
