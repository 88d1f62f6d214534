using System.Diagnostics;
using System.Reflection;

namespace ModelBuild.Tests;

/// <summary>Starts the tests of this project that are compiled for net8.0. They are a self-contained program with .NET 8.</summary>
[Trait("Speed", "Slow")]
public sealed class Net8Tests
{
    [Fact]
    public async Task All_tests_of_this_project_pass_on_NET_8()
    {
        var program = typeof(Net8Tests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Net8Program").Value!;
        Assert.True(File.Exists(program), $"'{program}' does not exist: build this project for net8.0, too.");
        using var process = Process.Start(
            new ProcessStartInfo(program, ["-noColor", "-noLogo"]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Matches(@"Total: [1-9]\d*, Errors: 0, Failed: 0", output);
    }
}
