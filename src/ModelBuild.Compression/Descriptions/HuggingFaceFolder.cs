namespace ModelBuild.Compression.Descriptions;

/// <summary>The folder of a Hugging Face model. Its ONNX files are in it, or in its folder <c>onnx</c>.</summary>
internal static class HuggingFaceFolder
{
    private const string ModelFolder = "onnx";

    /// <summary>Returns the folder with the configuration of a model.</summary>
    /// <param name="folder">The full path of the folder of the model.</param>
    public static string Of(string folder) => Above(folder) is { } parent && File.Exists(Path.Combine(parent, HuggingFaceConfig.FileName)) ? parent : folder;

    /// <summary>Returns the folder above the folder <c>onnx</c>; null for a folder of another name.</summary>
    /// <param name="folder">The full path of the folder of the model.</param>
    public static string? Above(string folder) => Path.GetFileName(folder) == ModelFolder ? Path.GetDirectoryName(folder) : null;
}
