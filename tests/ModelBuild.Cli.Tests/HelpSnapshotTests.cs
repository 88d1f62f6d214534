using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Cli.Tests;

/// <summary>The complete help of the program and of each of its commands.</summary>
public sealed class HelpSnapshotTests : IDisposable
{
    private static readonly Snapshots _snapshots = new("tests/ModelBuild.Cli.Tests/Expected");

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("modelbuild")]
    [InlineData("inspect")]
    [InlineData("compress")]
    [InlineData("calibrate")]
    [InlineData("train")]
    [InlineData("verify")]
    [InlineData("compare")]
    [InlineData("perf")]
    [InlineData("tune")]
    [InlineData("report")]
    [InlineData("export")]
    [InlineData("serve")]
    [InlineData("export triton")]
    [InlineData("export tvm")]
    [InlineData("export tensorrt")]
    [InlineData("export openvino")]
    [InlineData("data")]
    [InlineData("cache")]
    public void Help_is_the_expected_text(string command)
    {
        string[] arguments = command == "modelbuild" ? ["--help"] : [.. command.Split(' '), "--help"];

        var result = new ModelBuildProgram(_folder).Run(arguments);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        _snapshots.Matches($"{command.Replace(' ', '-')}.help.txt", result.Output);
    }

    public void Dispose() => _folder.Dispose();
}
