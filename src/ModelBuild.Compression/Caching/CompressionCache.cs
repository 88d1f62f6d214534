using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Stores results in one folder per user, which all configurations, target frameworks, projects and concurrent builds share. An entry is written to a
/// temporary folder and renamed, so that it is complete or absent. A hash of each file detects damage.
/// </summary>
internal sealed class CompressionCache(string folder)
{
    private const string ModelName = "model.onnx";
    private const string ReceiptName = "receipt.json";
    private const string HashesName = "hashes.txt";

    /// <summary>
    /// Deploys the result of <paramref name="request"/>, from the cache if it has an entry, or by compressing. Files that are up to date are not written
    /// again, so that builds which depend on their times do not repeat work.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="warn">Receives a warning when an entry is damaged (MB1012).</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The receipt, and whether the result came from the cache.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">The model, its data or its budget has a fault.</exception>
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
                warn(new CompressionException(Codes.CacheDamaged, "The cache entry of this model is damaged. The model is compressed again.", entry));
                Remove(entry);
            }
            else if (TryDeploy(entry, request, cancellationToken))
            {
                // The names of the model and the recipe belong to the project, not to the shared entry.
                return (
                    receipt with
                    {
                        Model = request.DisplayName,
                        Use = request.Use,
                        Recipe = receipt.Recipe with { Asked = request.Recipe.Name },
                    },
                    Hit: true
                );
            }
        }

        return (Make(request, entry, progress, cancellationToken), Hit: false);
    }

    private Receipt Make(CompressionRequest request, string entry, IProgress<WorkLine>? progress, CancellationToken cancellationToken)
    {
        // If the cache folder is not writable, as on some build machines, the model is compressed without caching.
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
                // Another build has written an equal entry first.
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
            // Another build was faster, or the entry is in use. In the second case the next build reports it again.
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
            // Another build found the entry damaged and has removed it.
            return false;
        }
    }

    private static void Deploy(string entry, CompressionRequest request, CancellationToken cancellationToken)
    {
        using var workspace = OutputWorkspace.Create(request.OutputPath);
        foreach (
            var (model, output) in Models(entry, request.Stages)
                .Zip(request.Stages > 1 ? StageFiles.Of(workspace.ModelPath, request.Stages) : [workspace.ModelPath])
        )
            if (File.Exists(model + OnnxModel.ExternalDataSuffix))
                // The graph contains the name of the external data file, which depends on the model's file name.
                OnnxModel.Load(model, cancellationToken: cancellationToken).Save(output, cancellationToken: cancellationToken);
            else
                OutputWorkspace.Copy(model, output);
        workspace.CommitChanges();
    }

    private static IReadOnlyList<string> Models(string entry, int stages) =>
        Path.Combine(entry, ModelName) is var model && stages > 1 ? StageFiles.Of(model, stages) : [model];
}
