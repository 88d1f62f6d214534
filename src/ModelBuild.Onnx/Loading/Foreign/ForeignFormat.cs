namespace ModelBuild.Onnx;

/// <summary>A kind of file that is taken for an ONNX model, and what turns it into one.</summary>
/// <param name="Name">What it is, with its article.</param>
/// <param name="Cure">What to do. <c>{file}</c> stands for the file's name, <c>{onnx}</c> for the name of an ONNX model beside it.</param>
internal sealed record ForeignFormat(string Name, string Cure)
{
    /// <summary>The sentence of an error.</summary>
    /// <param name="path">The file's path; null where there is none.</param>
    public string Describe(string? path)
    {
        var file = Path.GetFileName(path?.TrimEnd('/', '\\')) is { Length: > 0 } name ? name : "FILE";
        var onnx = file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? "converted.onnx" : Path.ChangeExtension(file, ".onnx");
        return $"this is {Name}, not an ONNX model; {Cure.Replace("{file}", file, StringComparison.Ordinal).Replace("{onnx}", onnx, StringComparison.Ordinal)}";
    }
}
