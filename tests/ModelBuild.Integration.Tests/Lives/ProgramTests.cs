using System.Diagnostics;
using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Tests the end of the program and of the build: success, failure, and when one of them is killed. A fake program is used.</summary>
public sealed class ProgramTests(PackedFeed feed)
{
    private static string Tool => "-p:ModelBuildToolPath=" + Machine.FakeProgram;

    [Fact]
    public async Task The_target_runs_alone_a_crash_is_named_and_another_program_starts_again()
    {
        var folder = Project("copy");
        var alone = await folder.BuildAsync("build", "App", "-t:ModelBuild", Tool);
        Assert.Equal((1, 1), (alone.Starts("inspect"), alone.Starts("compress")));
        Assert.False(alone.Compiled);

        folder.Write("App/digits.onnx", "crash");
        var crashed = Assert.Single((await folder.TryBuildAsync("build", "App", "--no-restore", Tool)).Errors);
        Assert.Equal("MB1013", crashed.Code);
        Assert.Contains("The fake program was told to crash.", crashed.Message, StringComparison.Ordinal);

        folder.Write("App/digits.onnx", "copy");
        await folder.BuildAsync("build", "App", "--no-restore", "-t:ModelBuild", Tool);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Machine.FakeProgram)!, "FakeProgram.*"))
            folder.Write("tool/" + Path.GetFileName(file), "");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Machine.FakeProgram)!, "FakeProgram.*"))
            File.Copy(file, folder["tool/" + Path.GetFileName(file)], overwrite: true);
        var upgraded = await folder.BuildAsync("build", "App", "--no-restore", "-t:ModelBuild", "-p:ModelBuildToolPath=" + folder["tool/FakeProgram.dll"]);
        Assert.Equal((1, 1), (upgraded.Starts("inspect"), upgraded.Starts("compress")));
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-KILL")]
    public async Task A_build_that_is_stopped_stops_the_program_which_leaves_nothing(string signal)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Signals are sent with kill, which Windows does not have.");
        if (signal == "-INT" && Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        var folder = Project("hang");
        await folder.BuildAsync("restore", "App");
        using var build = Dotnet.Start(Machine.Dotnet, ["msbuild", "App", "-nodeReuse:false", "-m:1", Tool], folder.Root);
        var started = folder["App/obj/Debug/net10.0/modelbuild/DigitsModel.onnx.started"];
        await Eventually.IsTrueInAsync(build, () => File.Exists(started), TestContext.Current.CancellationToken);

        using (var kill = Process.Start("kill", [signal, build.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => !File.Exists(started), TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "DigitsModel.inputs.txt",
                "DigitsModel.inspect.request.json",
                "DigitsModel.inspect.state",
                "DigitsModel.request.json",
                "DigitsModel.signature.json",
                "starts.txt",
            ],
            folder.Files("App/obj/Debug/net10.0/modelbuild")
        );
    }

    private Workspace Project(string model)
    {
        var folder = feed.NewWorkspace("program");
        folder.Write("App/digits.onnx", model);
        folder.WriteProject("App/App.csproj");
        return folder;
    }
}
