using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The data that a calibration file was computed from.</summary>
/// <param name="Files">The paths of the data files relative to the model's folder, or only names for files outside it.</param>
/// <param name="Calls">The number of calls.</param>
/// <param name="Rows">The total number of rows.</param>
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

    // The folder of data outside the model's folder is private to the user's machine, so that the file must not contain it.
    private static string Relative(string folder, string file)
    {
        var relative = Path.GetRelativePath(folder, Path.GetFullPath(file)).Replace('\\', '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(file) : relative;
    }
}
