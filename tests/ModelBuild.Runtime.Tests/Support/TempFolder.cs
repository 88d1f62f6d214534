namespace ModelBuild.Runtime.Tests.Support;

/// <summary>A folder for the files of one test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modelbuild-runtime-").FullName;

    public string Path(string name) => System.IO.Path.Combine(_folder, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path(name), bytes);
        return Path(name);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
