using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Comparison;

/// <summary>Finds the files that the samples of a comparison were read from.</summary>
/// <param name="prepared">The original files of archives that were prepared from other files, one for each row, by the path of the archive.</param>
internal sealed class SampleOrigins(IReadOnlyDictionary<string, IReadOnlyList<string>> prepared)
{
    /// <summary>Returns the file that a sample was read from, and the position of the sample in the file.</summary>
    /// <param name="sample">The call with the sample.</param>
    /// <param name="row">The row of the call.</param>
    public (string? File, long Row) Of(Sample sample, int row)
    {
        var place = sample.FirstRow + row;
        return sample.File is { } file && prepared.TryGetValue(file, out var files) && place < files.Count ? (files[(int)place], 0) : (sample.File, place);
    }
}
