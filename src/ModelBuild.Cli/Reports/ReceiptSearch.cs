using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Receipts;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Reports;

/// <summary>Finds the receipt of a model.</summary>
internal static class ReceiptSearch
{
    private const string ReceiptFiles = "*.receipt.json";
    private const string ObjectFolder = "obj";

    private static readonly EnumerationOptions Here = new() { IgnoreInaccessible = true };
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    /// <summary>
    /// Returns the path of the newest receipt of a model, whether the model is the original or the result. Receipts are searched beside the model, and in the
    /// folder <c>obj</c> of its folder and of the folders above it.
    /// </summary>
    /// <param name="model">The path of the model.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">MB1049: there is no receipt of the model.</exception>
    public static string Find(string model, CancellationToken cancellationToken)
    {
        var sha256 = ContentHash.OfModel(model, cancellationToken);
        var others = 0;
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(model)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string[] receipts = [.. Receipts(folder)];
            if (receipts.Where(path => IsOf(path, sha256)).MaxBy(File.GetLastWriteTimeUtc) is { } found)
                return found;
            others += receipts.Length;
        }

        throw new CompressionException(
            Codes.ReceiptMissing,
            (others == 0 ? "No receipt of the model was found" : $"None of the {others} receipts that were found is of this version of the model")
                + $". Build the project, or write a receipt: modelbuild compress {Path.GetFileName(model)} --json > "
                + $"{Path.GetFileNameWithoutExtension(model)}.receipt.json",
            model
        );
    }

    private static IEnumerable<string> Receipts(string folder)
    {
        var built = Path.Combine(folder, ObjectFolder);
        return Directory
            .EnumerateFiles(folder, ReceiptFiles, Here)
            .Concat(Directory.Exists(built) ? Directory.EnumerateFiles(built, ReceiptFiles, Everywhere) : []);
    }

    private static bool IsOf(string path, string sha256)
    {
        try
        {
            return JsonText.TryRead<Receipt>(File.ReadAllText(path)) is { } receipt
                && (receipt.Original.Sha256 == sha256 || receipt.Compressed.Sha256 == sha256);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
