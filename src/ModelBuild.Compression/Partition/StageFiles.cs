using System.Globalization;

namespace ModelBuild.Compression.Partition;

/// <summary>Names the files of stages, which lie in the folder of the whole model's file.</summary>
internal static class StageFiles
{
    /// <summary>Returns the paths of all stages: <c>digits.1.onnx</c>, <c>digits.2.onnx</c>… for <c>digits.onnx</c>.</summary>
    public static IReadOnlyList<string> Of(string path, int stages) =>
        [
            .. Enumerable
                .Range(1, stages)
                .Select(stage => Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{stage}{Path.GetExtension(path)}"))),
        ];
}
