using ModelBuild.Compression.Files;

namespace ModelBuild.Cli.Tuning;

/// <summary>
/// Represents the folder with the files of a running task. It is deleted when the task ends, or by the worker that claims the task of a lost worker.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _name;
    private readonly string _models;

    /// <summary>Creates the folder of a task.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <param name="name">The name of the task.</param>
    /// <param name="models">The folder to which the files of the task are moved.</param>
    /// <param name="shared">The folder of the results that all tasks share.</param>
    public WorkFolder(string path, string name, string models, string shared)
    {
        (Path, _name, _models, Shared) = (path, name, models, shared);
        Directory.CreateDirectory(path);
    }

    /// <summary>Gets the path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the folder of the results that all tasks share. It may not exist.</summary>
    public string Shared { get; }

    /// <summary>Gets the path of the model of the task.</summary>
    public string Model => System.IO.Path.Combine(Path, $"{_name}.onnx");

    /// <summary>Gets the path of the trained values of the task.</summary>
    public string Trained => System.IO.Path.Combine(Path, $"{_name}.safetensors");

    /// <summary>Moves the files of the task to the folder of models.</summary>
    /// <returns>Whether the folder still existed. Another worker that has claimed the task deletes it.</returns>
    public bool TryCommit()
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path, $"{_name}.*").ToArray())
                File.Move(file, System.IO.Path.Combine(_models, System.IO.Path.GetFileName(file)), overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException && Directory.Exists(_models))
        {
            return false;
        }
    }

    public void Dispose() => StaleFolders.TryDelete(Path);
}
