using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The data that a calibration file was made from.</summary>
/// <param name="Files">The data files, relative to the model's folder; names alone where they lie outside it.</param>
/// <param name="Calls">How many calls of the model.</param>
/// <param name="Rows">How many rows they have in all.</param>
internal sealed record CalibrationOrigin(IReadOnlyList<string> Files, int Calls, long Rows)
{
    /// <summary>Counts the samples.</summary>
    public static CalibrationOrigin Of(string modelPath, IReadOnlyList<string> files, ISampleSource samples, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        var (calls, rows) = (0, 0L);
        foreach (var sample in samples.Read(cancellationToken))
        {
            calls++;
            rows += sample.Rows;
        }

        return new CalibrationOrigin([.. files.Select(file => Relative(folder, file))], calls, rows);
    }

    // Where somebody keeps the data is no concern of those who build.
    private static string Relative(string folder, string file)
    {
        var relative = Path.GetRelativePath(folder, Path.GetFullPath(file)).Replace('\\', '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(file) : relative;
    }
}
