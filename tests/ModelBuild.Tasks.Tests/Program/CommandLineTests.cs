using System.Diagnostics;
using ModelBuild.Tasks.Program;

namespace ModelBuild.Tasks.Tests.Program;

public sealed class CommandLineTests
{
    [Fact]
    public void Arguments_arrive_as_they_were()
    {
        string[] arguments = ["plain", "with space", "quote\"inside", "back\\slash", "ends with\\", "", "both\\\" of"];
        // The process `printf` prints its arguments, which shows how the platform splits the command line.
        if (!File.Exists("/usr/bin/printf"))
            Assert.Skip("/usr/bin/printf is not there.");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/printf", "%s| " + CommandLine.Join(arguments)) { RedirectStandardOutput = true })!;
        Assert.Equal(string.Concat(arguments.Select(argument => argument + "|")), process.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void Chunks_keep_order_and_stay_short()
    {
        var arguments = Enumerable.Range(0, 1000).Select(i => $"/obj/{i}.request.json").ToList();
        var chunks = CommandLine.Chunks(arguments, argument => argument.Length, 500).ToList();
        Assert.Equal(arguments, chunks.SelectMany(chunk => chunk));
        Assert.All(chunks, chunk => Assert.True(CommandLine.Join(chunk).Length <= 500));
    }
}
