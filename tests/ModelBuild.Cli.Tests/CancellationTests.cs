using System.Diagnostics;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Cli.Tests;

public sealed class CancellationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task A_signal_ends_the_work_and_leaves_nothing(string signal)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows sends Ctrl+C to a console, not to a process.");
        if (signal == "-INT" && Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        Loops.Save(_folder.File("model.onnx"));
        using var process = new ModelBuildProgram(_folder).Start("compress", "model.onnx", "--output", "out/small.onnx", "--json");
        var output = Path.Combine(_folder.Path, "out");
        await Eventually.IsTrueInAsync(
            process,
            () => Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any(),
            TestContext.Current.CancellationToken
        );

        using (var kill = Process.Start("kill", [signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        ModelBuildProgram.Wait(process).Fails(1, "MB1014", "model.onnx", "The work was cancelled");

        Assert.Equal(["model.onnx"], _folder.Names());
    }

    public void Dispose() => _folder.Dispose();
}
