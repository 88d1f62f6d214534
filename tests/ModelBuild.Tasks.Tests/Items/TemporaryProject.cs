using Microsoft.Build.Utilities;

namespace ModelBuild.Tasks.Tests.Items;

/// <summary>The folder of a project that is not built: what resolves and checks items looks at its files.</summary>
internal sealed class TemporaryProject : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="files">Empty files, relative to the project.</param>
    public TemporaryProject(params string[] files)
    {
        Directory.CreateDirectory(Folder);
        foreach (var file in files)
            Write(file, "");
    }

    /// <summary>The absolute folder of the project. It is not the only one in the folder above it.</summary>
    public string Folder => Path.Combine(_folder.Path, "App");

    /// <summary>The path of the project file, which is not there.</summary>
    public string File => Path.Combine(Folder, "App.csproj");

    /// <summary>The folder for results.</summary>
    public string Obj => Path.Combine(Folder, "obj");

    /// <summary>An item of a project.</summary>
    public static TaskItem Item(string path, params (string Name, string Value)[] metadata)
    {
        var item = new TaskItem(path);
        foreach (var (name, value) in metadata)
            item.SetMetadata(name, value);
        return item;
    }

    /// <summary>Writes a file and returns its path.</summary>
    /// <param name="path">The path relative to the project.</param>
    /// <param name="text">The content.</param>
    public string Write(string path, string text) => _folder.Write(Path.Combine("App", path), text);

    public void Dispose() => _folder.Dispose();
}
