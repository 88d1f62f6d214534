using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Tasks.State;

/// <summary>
/// Reads and writes the state of one build phase of one model: a key of the request and the program, and the stamp of every file that the program read, wrote,
/// or found absent. If all of them are unchanged, the program does not start.
/// </summary>
internal static class PhaseState
{
    /// <summary>Returns the SHA-256 of texts as a key.</summary>
    public static string Key(params string[] parts)
    {
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\n", parts)));
        return BitConverter.ToString(hash).Replace("-", "");
    }

    /// <summary>Returns the identity of a program: the stamp of each of its assemblies.</summary>
    public static string Program(string toolPath)
    {
        var folder = Path.GetDirectoryName(toolPath) ?? "";
        return !Directory.Exists(folder)
            ? toolPath
            : toolPath
                + "\n"
                + string.Join(
                    "\n",
                    new DirectoryInfo(folder)
                        .GetFiles("*.dll")
                        .OrderBy(file => file.Name, StringComparer.Ordinal)
                        .Select(file => file.Name + " " + FileStamp.Of(file.FullName))
                );
    }

    /// <summary>Returns whether neither the key nor any file has changed since the state was written.</summary>
    public static bool IsCurrent(string statePath, string key)
    {
        var lines = SharedFile.ReadLines(statePath);
        return lines.Length > 0
            && lines[0] == key
            && lines.Skip(1).All(line => line.IndexOf('\t') is var tab and > 0 && FileStamp.Of(line.Substring(tab + 1)) == line.Substring(0, tab));
    }

    /// <summary>Returns the files that a state file lists, whether the state is current or not.</summary>
    public static IEnumerable<string> Files(string statePath) =>
        SharedFile.ReadLines(statePath).Skip(1).Where(line => line.IndexOf('\t') > 0).Select(line => line.Substring(line.IndexOf('\t') + 1));

    /// <summary>Returns the stamp of each file by its path.</summary>
    public static IReadOnlyDictionary<string, string> Stamps(IEnumerable<string> files) =>
        files.Distinct(StringComparer.Ordinal).ToDictionary(file => file, FileStamp.Of, StringComparer.Ordinal);

    /// <summary>
    /// Writes the state of a phase. If an input changed while the program ran, it is not known which content the program read. In that case no state is
    /// written, and the next build runs the program again.
    /// </summary>
    /// <param name="statePath">The path of the state file.</param>
    /// <param name="key">The key of the request and the program.</param>
    /// <param name="files">The files that the program read and wrote.</param>
    /// <param name="before">The stamps of the inputs before the program ran.</param>
    public static void Write(string statePath, string key, IEnumerable<string> files, IReadOnlyDictionary<string, string> before)
    {
        var stamps = Stamps(files);
        if (stamps.Any(pair => before.TryGetValue(pair.Key, out var stamp) && stamp != pair.Value))
            File.Delete(statePath);
        else
            SharedFile.Write(statePath, string.Join("\n", new[] { key }.Concat(stamps.Select(pair => pair.Value + "\t" + pair.Key))) + "\n");
    }
}
