using System.Globalization;

namespace ModelBuild.Runtime.Recording;

/// <summary>
/// Writes recorded samples as calibration data. An array has one shape, so samples of each shape have a file of their own: the most frequent shape
/// <c>NAME.npz</c>, the others <c>NAME.2.npz</c>, <c>NAME.3.npz</c> and so on.
/// </summary>
internal static class RecordingFiles
{
    /// <summary>Writes the samples, and deletes the numbered files of an earlier recording with more shapes.</summary>
    /// <returns>The paths of the files.</returns>
    public static IReadOnlyList<string> Write(string path, IReadOnlyList<TensorContract> inputs, IReadOnlyList<RecordedSample> samples)
    {
        if (samples.Count == 0)
            return [];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // The sort is stable: of equally frequent shapes, the one that was recorded first comes first.
        var files = samples
            .GroupBy(sample => sample.ShapeKey, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .Select((group, i) => (Path: Numbered(path, i + 1), Samples: group.ToArray()))
            .ToArray();
        foreach (var file in files)
            WriteWhole(file.Path, inputs, file.Samples);
        for (var number = files.Length + 1; File.Exists(Numbered(path, number)); number++)
            File.Delete(Numbered(path, number));
        return [.. files.Select(file => file.Path)];
    }

    private static string Numbered(string path, int number) =>
        number == 1 ? path : Path.ChangeExtension(path, number.ToString(CultureInfo.InvariantCulture) + Path.GetExtension(path));

    private static void WriteWhole(string path, IReadOnlyList<TensorContract> inputs, RecordedSample[] samples)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var archive = new NpzWriter(temporary))
                for (var i = 0; i < inputs.Count; i++)
                {
                    using var array = archive.Start(inputs[i].Name, RecordedInputs.NumpyType(inputs[i].Type)!, [samples.Length, .. samples[0].Shapes[i]]);
                    foreach (var sample in samples)
                        array.Write(sample.Elements[i]);
                }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
