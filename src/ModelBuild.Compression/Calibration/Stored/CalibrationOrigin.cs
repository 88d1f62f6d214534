using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The data that a calibration file was computed from.</summary>
/// <param name="Files">The paths of the data files relative to the model's folder, or only names for files outside it.</param>
/// <param name="Calls">The number of calls.</param>
/// <param name="Rows">The total number of rows.</param>
internal sealed record CalibrationOrigin(IReadOnlyList<string> Files, int Calls, long Rows)
{
    /// <summary>Lists the data files, and counts the calls and rows of the samples that were read from them.</summary>
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

    // Returns the path of a data file relative to the model's folder, or only the file name if the file is elsewhere. Folders outside the model's folder are
    // private to the user's machine, so that a calibration file must not contain their paths.
    private static string Relative(string folder, string file)
    {
        var relative = Path.GetRelativePath(folder, Path.GetFullPath(file)).Replace('\\', '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(file) : relative;
    }
}
