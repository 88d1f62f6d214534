using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Reads the rows of files in the formats of calibration data.</summary>
/// <param name="signature">The signature of the model.</param>
/// <param name="store">The place of the rows.</param>
internal sealed class FileBlocks(ModelSignature signature, RowStore store)
{
    /// <summary>Reads the rows of all files, in their order.</summary>
    /// <exception cref="CompressionException">MB1019: a file cannot be used.</exception>
    public IReadOnlyList<RowBlock> Read(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var blocks = new List<RowBlock>();
        foreach (var group in files.GroupBy(CalibrationFiles.Source, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            blocks.AddRange(Guard(group.First(), () => Read(group.Key, [.. group], cancellationToken)));
        }

        return blocks;
    }

    /// <summary>Reads a file, and adds its name to errors.</summary>
    /// <exception cref="CompressionException">MB1019: the file cannot be used.</exception>
    public static T Guard<T>(string? file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (DataFaults.IsFault(exception))
        {
            throw RowIndex.Fault(exception.Message.TrimEnd('.'), file, exception);
        }
    }

    private RowBlock[] Read(string key, string[] group, CancellationToken cancellationToken) =>
        Path.GetExtension(group[0]).ToLowerInvariant() switch
        {
            ".npz" => [new ArrayBlocks(signature, store).ReadNpz(key)],
            ".npy" => [new ArrayBlocks(signature, store).ReadNpy(key)],
            // Other files are read by CalibrationFiles, which reads ONNX test data and throws the exception for files of other formats.
            _ => [.. new CalibrationFiles(group, signature, "training").Read(cancellationToken).Select(new SampleBlocks(signature, store).Read)],
        };
}
