using ModelBuild.Tasks.Program;

namespace ModelBuild.Tasks.Tests.Program;

public sealed class DotnetHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_that_is_there_is_taken_file_or_folder()
    {
        var host = _folder.Write(OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet", "");
        Assert.Equal(host, DotnetHost.Find($";{_folder.Path}/none;{host}", null));
        Assert.Equal(host, DotnetHost.Find($"{_folder.Path}", null));
        Assert.Equal(host, DotnetHost.Find(";;", "relative" + Path.PathSeparator + _folder.Path));
        Assert.Null(DotnetHost.Find("dotnet", ""));
    }
}
