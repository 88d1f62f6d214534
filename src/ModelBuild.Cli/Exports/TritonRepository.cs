using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Exports;

/// <summary>Represents a model repository in the layout of Triton Inference Server: <c>NAME/config.pbtxt</c> and <c>NAME/VERSION/model.onnx</c>.</summary>
/// <param name="path">The path of the repository, which may have other models.</param>
internal sealed class TritonRepository(string path)
{
    // The file name of a model that the server expects.
    private const string ModelFile = "model.onnx";

    /// <summary>
    /// Adds a model or a version of it to the repository. The configuration is written last, because a server that watches the folder reads the configuration
    /// first.
    /// </summary>
    /// <param name="model">The path of the model.</param>
    /// <param name="name">The name of the model.</param>
    /// <param name="version">The number of the version.</param>
    /// <param name="maxBatch">The largest number of rows of a run; 0 for a model that takes requests as they are.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The path of the configuration.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="Compression.Diagnostics.CompressionException">MB1005: the server cannot serve the model, or not with batches.</exception>
    public string Add(string model, string name, int version, int maxBatch, CancellationToken cancellationToken)
    {
        var loaded = OnnxModel.Load(model, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var config = TritonConfig.Of(SignatureReader.Read(loaded), name, maxBatch);
        var source = Path.GetDirectoryName(Path.GetFullPath(model))!;
        var folder = Path.Combine(path, name, $"{version}");
        Directory.CreateDirectory(folder);
        // The paths of external data files are relative to the model file in the graph, so the files are copied to the same relative paths.
        foreach (var file in loaded.ExternalFiles)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        File.Copy(model, Path.Combine(folder, ModelFile), overwrite: true);
        var configPath = Path.Combine(path, name, "config.pbtxt");
        File.WriteAllText(configPath, config);
        return configPath;
    }
}
