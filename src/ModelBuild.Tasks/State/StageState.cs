using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Tasks.State;

/// <summary>
/// The memory of one stage of one model: what was asked, by which program, and the stamp of every file that it read or made, files
/// that were looked for and absent included. While all is as it was, the program need not start.
/// </summary>
internal static class StageState
{
    /// <summary>A key of text that may be long: its SHA-256.</summary>
    public static string Key(params string[] parts)
    {
        using var sha = SHA256.Create();
        var hash = sha.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\n", parts)));
        return BitConverter.ToString(hash).Replace("-", "");
    }

    /// <summary>What tells one program from another: the stamp of each of its assemblies.</summary>
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

    /// <summary>Whether nothing has changed since the state was written.</summary>
    public static bool IsCurrent(string statePath, string key)
    {
        var lines = SharedFile.ReadLines(statePath);
        return lines.Length > 0
            && lines[0] == key
            && lines.Skip(1).All(line => line.IndexOf('\t') is var tab and > 0 && FileStamp.Of(line.Substring(tab + 1)) == line.Substring(0, tab));
    }

    /// <summary>The files that a state, old or current, names.</summary>
    public static IEnumerable<string> Files(string statePath) =>
        SharedFile.ReadLines(statePath).Skip(1).Where(line => line.IndexOf('\t') > 0).Select(line => line.Substring(line.IndexOf('\t') + 1));

    /// <summary>The stamps of files.</summary>
    public static IReadOnlyDictionary<string, string> Stamps(IEnumerable<string> files) =>
        files.Distinct(StringComparer.Ordinal).ToDictionary(file => file, FileStamp.Of, StringComparer.Ordinal);

    /// <summary>
    /// Writes the state. A file that changed while the program ran may have been read before or after it did: then no state is kept, and
    /// the next build asks again.
    /// </summary>
    /// <param name="statePath">Where.</param>
    /// <param name="key">What was asked, and of which program.</param>
    /// <param name="files">What the program read and made.</param>
    /// <param name="before">Stamps of inputs from before the program ran.</param>
    public static void Write(string statePath, string key, IEnumerable<string> files, IReadOnlyDictionary<string, string> before)
    {
        var stamps = Stamps(files);
        if (stamps.Any(pair => before.TryGetValue(pair.Key, out var stamp) && stamp != pair.Value))
            File.Delete(statePath);
        else
            SharedFile.Write(statePath, string.Join("\n", new[] { key }.Concat(stamps.Select(pair => pair.Value + "\t" + pair.Key))) + "\n");
    }
}
