using ModelBuild.Runtime;

namespace ModelBuild.Serving;

/// <summary>Represents an ONNX file that is served without a generated class.</summary>
/// <param name="Name">The name of the model in addresses.</param>
/// <param name="Version">The version of the model.</param>
/// <param name="Path">The path of the file.</param>
/// <param name="Options">The options for loading; null for the defaults.</param>
internal sealed record ServedFile(string Name, string Version, string Path, ModelOptions? Options);
