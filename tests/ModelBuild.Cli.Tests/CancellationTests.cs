using System.Diagnostics;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Cli.Tests;

public sealed class CancellationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public void A_signal_ends_the_work_and_leaves_nothing(string signal)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows sends Ctrl+C to a console, not to a process.");
        if (signal == "-INT" && Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        Loops.Save(_folder.File("model.onnx"));
        using var process = new ModelBuildProgram(_folder).Start("compress", "model.onnx", "--output", "out/small.onnx", "--json");
        WaitFor(
            () => Directory.Exists(Path.Combine(_folder.Path, "out")) && Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "out")).Any(),
            process
        );

        using (var kill = Process.Start("kill", [signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        ModelBuildProgram.Wait(process).Fails(1, "MB1014", "model.onnx", "Cancelled");

        Assert.Equal(["model.onnx"], _folder.Names());
    }

    internal static void WaitFor(Func<bool> condition, Process process)
    {
        // Patience without an assertion on time: the loop runs for hours.
        for (var i = 0; i < 2400 && !condition(); i++)
        {
            Assert.False(process.HasExited, "The program ended before it was told to.");
            Thread.Sleep(50);
        }

        Assert.True(condition());
    }

    public void Dispose() => _folder.Dispose();
}
