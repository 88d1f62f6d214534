using System.Globalization;

namespace ModelBuild.Cli.Data.Files;

/// <summary>
/// Represents the archives that are written for some files. An array has one shape, so rows of each shape have an archive of their own: <c>NAME.npz</c>,
/// <c>NAME.2.npz</c>, <c>NAME.3.npz</c> and so on. The archives get their names when all of them are complete, and the first one gets its name last, so that an
/// error leaves no archive.
/// </summary>
/// <param name="path">The path of the first archive.</param>
internal sealed class ArchiveSet(string path) : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory($"{path}.{Path.GetRandomFileName()}").FullName;
    private int _count;

    /// <summary>Gets the path of a folder for temporary files, which is deleted when the set is disposed.</summary>
    public string Folder => _folder;

    /// <summary>Returns the paths of the archives of a set that exist.</summary>
    /// <param name="path">The path of the first archive.</param>
    public static IReadOnlyList<string> Existing(string path) =>
        [.. Enumerable.Range(1, int.MaxValue).Select(number => Numbered(path, number)).TakeWhile(File.Exists)];

    /// <summary>Returns the temporary path at which the next archive is written.</summary>
    public string Next() => Temporary(++_count);

    /// <summary>Moves the archives to their final paths, and deletes those of an earlier set with more archives.</summary>
    public void Complete()
    {
        for (var number = _count; number > 0; number--)
            File.Move(Temporary(number), Numbered(path, number), overwrite: true);
        for (var number = _count + 1; File.Exists(Numbered(path, number)); number++)
            File.Delete(Numbered(path, number));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Temporary(int number) => Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture));

    private static string Numbered(string path, int number) =>
        number == 1 ? path : Path.ChangeExtension(path, number.ToString(CultureInfo.InvariantCulture) + Path.GetExtension(path));
}
