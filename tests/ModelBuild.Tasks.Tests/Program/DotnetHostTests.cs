using ModelBuild.Tasks.Program;

namespace ModelBuild.Tasks.Tests.Program;

public sealed class DotnetHostTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "modelbuild-host-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_that_is_there_is_taken_file_or_folder()
    {
        var host = Path.Combine(_folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        Directory.CreateDirectory(_folder);
        File.WriteAllText(host, "");
        Assert.Equal(host, DotnetHost.Find($";{_folder}/none;{host}", null));
        Assert.Equal(host, DotnetHost.Find($"{_folder}", null));
        Assert.Equal(host, DotnetHost.Find(";;", "relative" + Path.PathSeparator + _folder));
        Assert.Null(DotnetHost.Find("dotnet", ""));
    }
}
