using System.Globalization;

namespace ModelBuild.Compression.Partition;

/// <summary>The names of stages' files, beside where the whole model's would be.</summary>
public static class StageFiles
{
    /// <summary>The paths of all stages: <c>digits.1.onnx</c>, <c>digits.2.onnx</c>… of <c>digits.onnx</c>.</summary>
    public static IReadOnlyList<string> Of(string path, int stages) =>
        [
            .. Enumerable
                .Range(1, stages)
                .Select(stage => Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{stage}{Path.GetExtension(path)}"))),
        ];
}
