using System.Diagnostics;
using System.Globalization;
using ModelBuild.Imaging.Tests.Support;

namespace ModelBuild.Imaging.Tests.Hostile;

/// <summary>Decodes damaged files. This runs in a child process, which a fault of a decoder may end.</summary>
internal static class DamagedFiles
{
    /// <summary>The first argument of the child process. The number of files and the path of a file for the current number follow.</summary>
    public const string Command = "decode-damaged-files";

    // The limit is small, so that a header of a large picture does not slow the test down, and so that the check of the limit is tested as well.
    private static readonly PictureLimits _limits = new() { MaxPixels = 1_000_000 };

    /// <summary>The name of the picture that a mutation damages.</summary>
    public static string SeedOf(int number, string[] names) => names[number % names.Length];

    /// <summary>Prints the number of pictures, the number of exceptions, and the peak of the process' memory in bytes.</summary>
    public static int DecodeAll(string[] arguments)
    {
        var names = Files.Names.ToArray();
        var files = names.Select(Files.Read).ToArray();
        var count = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        using var progress = File.OpenHandle(arguments[1], FileMode.Create, FileAccess.Write, FileShare.Read);
        var pictures = 0;
        for (var number = 0; number < count; number++)
        {
            // The bytes are in the file system's cache when the process crashes.
            RandomAccess.Write(progress, BitConverter.GetBytes(number), 0);
            var file = Mutations.Apply(files[number % files.Length], files[(number / files.Length) % files.Length], number);
            try
            {
                using var picture = Picture.Load(file, _limits);
                pictures += picture.View.Pixels.Length > 0 ? 1 : 0;
            }
            catch (PictureException) { }
        }

        using var process = Process.GetCurrentProcess();
        Console.WriteLine(FormattableString.Invariant($"{pictures} {count - pictures} {process.PeakWorkingSet64}"));
        return 0;
    }
}
