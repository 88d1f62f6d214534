using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Results that were made before, in one folder a user, shared by configurations, target frameworks, projects and concurrent builds. An entry is made in a
/// temporary folder and renamed, so that it is there whole or not at all; a hash of each file tells a damaged one.
/// </summary>
public sealed class CompressionCache(string folder)
{
    private const string ModelName = "model.onnx";
    private const string ReceiptName = "receipt.json";
    private const string HashesName = "hashes.txt";

    /// <summary>
    /// Puts the result of <paramref name="request"/> in place: from the cache where it is known, by compressing otherwise. A result that is in place already is not
    /// written again, so that what depends on its time stays up to date.
    /// </summary>
    /// <param name="request">What to do.</param>
    /// <param name="warn">Told when an entry was damaged (MB1012).</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The receipt, and whether it came from the cache.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">The model, its data or its budget is at fault.</exception>
    public (Receipt Receipt, bool Hit) GetOrCompress(
        CompressionRequest request,
        Action<CompressionException> warn,
        IProgress<WorkLine>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(warn);
        var externalFiles = OnnxModel.Load(request.ModelPath, new OnnxLoadOptions { SkipWeights = true }, cancellationToken).ExternalFiles;
        var key = CacheKey.Of(request, externalFiles);
        var entry = Path.Combine(folder, key[..2], key);
        if (Directory.Exists(entry))
        {
            if (TryRead(entry) is not { } receipt)
            {
                warn(new CompressionException(Codes.CacheDamaged, "The cache entry of this model was damaged and is made again.", entry));
                Remove(entry);
            }
            else if (TryDeploy(entry, request, cancellationToken))
            {
                // What one project calls the model and its recipe is no other project's affair.
                return (receipt with { Model = request.DisplayName, Recipe = receipt.Recipe with { Asked = request.Recipe.Name } }, Hit: true);
            }
        }

        return (Make(request, entry, progress, cancellationToken), Hit: false);
    }

    private Receipt Make(CompressionRequest request, string entry, IProgress<WorkLine>? progress, CancellationToken cancellationToken)
    {
        // A home that cannot be written, as build machines have it, costs time and nothing else.
        if (TryCreateTemporary() is not { } temporary)
            return Compressor.Compress(request, progress, cancellationToken);
        try
        {
            var receipt = Compressor.Compress(request with { OutputPath = Path.Combine(temporary, ModelName) }, progress, cancellationToken);
            File.WriteAllText(Path.Combine(temporary, ReceiptName), JsonText.Of(receipt));
            var hashes = Directory.EnumerateFiles(temporary).Order(StringComparer.Ordinal).Select(file => $"{ContentHash.Of(file)} {Path.GetFileName(file)}");
            File.WriteAllLines(Path.Combine(temporary, HashesName), hashes.ToArray());
            Deploy(temporary, request, cancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
            try
            {
                Directory.Move(temporary, entry);
            }
            catch (IOException) when (Directory.Exists(entry))
            {
                // Another build was faster; its entry is as good.
            }

            return receipt;
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private string? TryCreateTemporary()
    {
        try
        {
            StaleFolders.Sweep(folder, ".tmp-*");
            return Directory.CreateDirectory(Path.Combine(folder, $".tmp-{Path.GetRandomFileName()}")).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Remove(string entry)
    {
        try
        {
            Directory.Delete(entry, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build was faster. If it stays, the next build finds it damaged again.
        }
    }

    private static Receipt? TryRead(string entry)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(entry, HashesName));
            return lines.Length >= 2 && lines.All(line => line.Length > 65 && ContentHash.Of(Path.Combine(entry, line[65..])) == line[..64])
                ? JsonText.TryRead<Receipt>(File.ReadAllText(Path.Combine(entry, ReceiptName)))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool TryDeploy(string entry, CompressionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            Deploy(entry, request, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is IOException or OnnxException && !Models(entry, request.Stages).All(File.Exists))
        {
            // Another build, which had found an older entry damaged, has removed this one just now.
            return false;
        }
    }

    private static void Deploy(string entry, CompressionRequest request, CancellationToken cancellationToken)
    {
        using var workspace = new OutputWorkspace(request.OutputPath);
        foreach (
            var (model, output) in Models(entry, request.Stages)
                .Zip(request.Stages > 1 ? StageFiles.Of(workspace.ModelPath, request.Stages) : [workspace.ModelPath])
        )
            if (File.Exists(model + OnnxModel.ExternalDataSuffix))
                // The graph names its external data, which follows the model's own name.
                OnnxModel.Load(model, cancellationToken: cancellationToken).Save(output, cancellationToken: cancellationToken);
            else
                OutputWorkspace.Copy(model, output);
        workspace.CommitChanges();
    }

    private static IReadOnlyList<string> Models(string entry, int stages) =>
        Path.Combine(entry, ModelName) is var model && stages > 1 ? StageFiles.Of(model, stages) : [model];
}
