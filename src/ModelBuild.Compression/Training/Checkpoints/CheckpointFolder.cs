using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Compression.Training.Checkpoints;

/// <summary>
/// The folder with the checkpoints of the training steps of one recipe. A step that is done keeps its last checkpoint until the recipe is done, so that the
/// step is not trained again when the work continues.
/// </summary>
/// <param name="path">The path of the folder.</param>
/// <param name="origin">Identifies the data and the version of the training.</param>
internal sealed class CheckpointFolder(string path, string origin)
{
    /// <summary>The path of the folder.</summary>
    public string Location => path;

    /// <summary>Whether a training step has saved its state in the folder.</summary>
    public bool Exists => Directory.Exists(path);

    /// <summary>Returns the checkpoint file of a training step.</summary>
    /// <param name="place">The number of the training step in the recipe, from 0.</param>
    /// <param name="step">The step in its one-line form.</param>
    /// <param name="model">The hash of the model before the step.</param>
    /// <param name="threads">The numbers of threads and workers, on which the last digits depend.</param>
    public CheckpointFile File(int place, string step, string model, string threads)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{origin}\n{place}\n{step}\n{model}\n{threads}")));
        return new CheckpointFile(Path.Combine(path, $"{place}.checkpoint.safetensors"), key);
    }

    /// <summary>Deletes the folder with all checkpoints.</summary>
    public void Delete()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
