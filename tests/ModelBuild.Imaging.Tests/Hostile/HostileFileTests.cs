using System.Diagnostics;
using System.Globalization;
using ModelBuild.Imaging.Tests.Support;

namespace ModelBuild.Imaging.Tests.Hostile;

/// <summary>Damaged files of all formats end as a picture or as an exception, and never end the process.</summary>
public sealed class HostileFileTests
{
    // The environment variable for the number of files, such as MODELBUILD_DAMAGED_FILES=1000000.
    private const string CountVariable = "MODELBUILD_DAMAGED_FILES";
    private const long MaxBytes = 500_000_000;

    // The decoders are the same native library on each version of .NET, so .NET 8 gets fewer files.
    private static readonly int _defaultCount = Environment.Version.Major == 8 ? 5_000 : 100_000;

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_damaged_file_is_a_picture_or_an_exception()
    {
        using var folder = new TemporaryFolder();
        var count = int.TryParse(Environment.GetEnvironmentVariable(CountVariable), CultureInfo.InvariantCulture, out var given) ? given : _defaultCount;
        using var process = Process.Start(StartInfo(count, folder.File("number")))!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, $"{Current(folder.File("number"))} ended the process with {process.ExitCode}. {output}{await errors}");
        var figures = output.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine($"{figures[0]} pictures, {figures[1]} exceptions, at most {figures[2]} bytes of memory");
        Assert.InRange(figures[0], count / 50, count);
        Assert.InRange(figures[1], count / 50, count);
        Assert.InRange(figures[2], 0, MaxBytes);
    }

    private static string Current(string path)
    {
        var number = BitConverter.ToInt32(File.ReadAllBytes(path));
        return $"Mutation {number} of {DamagedFiles.SeedOf(number, [.. Files.Names])}";
    }

    private static ProcessStartInfo StartInfo(int count, string progress)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(HostileFileTests).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, [DamagedFiles.Command, count.ToString(CultureInfo.InvariantCulture), progress])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The child process uses the .NET that runs this test. A self-contained program does not need the variable.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        return start;
    }
}
