namespace ModelBuild.Onnx;

/// <summary>Represents a file format that users confuse with ONNX, and how to convert it.</summary>
/// <param name="Name">The name of the format with its article.</param>
/// <param name="Remedy">The instruction for the user. <c>{file}</c> stands for the name of the file, and <c>{onnx}</c> for the name of an ONNX model beside
/// it.</param>
internal sealed record ForeignFormat(string Name, string Remedy)
{
    /// <summary>Returns the error message for a file in this format, with the remedy.</summary>
    /// <param name="path">The path of the file; null for a document in memory.</param>
    public string Describe(string? path)
    {
        var file = Path.GetFileName(path?.TrimEnd('/', '\\')) is { Length: > 0 } name ? name : "FILE";
        var onnx = file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? "converted.onnx" : Path.ChangeExtension(file, ".onnx");
        var remedy = Remedy.Replace("{file}", file, StringComparison.Ordinal).Replace("{onnx}", onnx, StringComparison.Ordinal);
        return $"this is {Name}, not an ONNX model; {remedy}";
    }
}
