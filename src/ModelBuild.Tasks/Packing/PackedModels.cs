using System.Security;
using System.Text;
using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Packing;

/// <summary>The texts and comparisons behind a package that carries models.</summary>
internal static class PackedModels
{
    /// <summary>The targets that give a package's models to the projects that use it.</summary>
    /// <param name="paths">The models' paths, in the package and beside the application.</param>
    public static string Targets(IEnumerable<string> paths)
    {
        var text = new StringBuilder("<Project>\n  <!-- The package's ONNX models, copied beside the application that uses it. -->\n  <ItemGroup>\n");
        foreach (var path in paths)
        {
            var escaped = SecurityElement.Escape(Escaped.Of(path));
            // ModelBuildPackaged: a model that is compressed already is not compressed again by the project that gets it.
            text.Append(
                "    <None Include=\"$(MSBuildThisFileDirectory)../{escaped}\" Link=\"{escaped}\" CopyToOutputDirectory=\"PreserveNewest\" "
                    + "Visible=\"false\" Pack=\"false\" ModelBuildPackaged=\"true\" />\n"
            );
        }

        return text.Append("  </ItemGroup>\n</Project>\n").ToString();
    }

    /// <summary>The project's own file that NuGet would import in place of ours; null when there is none.</summary>
    public static string? OwnTargets(IEnumerable<ITaskItem> packageFiles, string packageId) =>
        packageFiles
            .Where(item => item.GetMetadata("PackagePath").Replace('\\', '/').Split(';').Any(path => IsTargets(path, item.ItemSpec, packageId)))
            .Select(item => item.GetMetadata("FullPath"))
            .FirstOrDefault();

    /// <summary>Whether a targets file mentions another.</summary>
    public static bool Imports(string targets, string name) => File.Exists(targets) && File.ReadAllText(targets).Contains(name);

    /// <summary>Whether two files have the same bytes.</summary>
    public static bool IsSame(string first, string second)
    {
        using var one = File.OpenRead(first);
        using var two = File.OpenRead(second);
        if (one.Length != two.Length)
            return false;
        var oneBuffer = new byte[1 << 16];
        var twoBuffer = new byte[1 << 16];
        for (int read; (read = one.Read(oneBuffer, 0, oneBuffer.Length)) > 0; )
        {
            for (var have = 0; have < read; )
                have += two.Read(twoBuffer, have, read - have) is var more and > 0 ? more : throw new EndOfStreamException(second);
            if (!oneBuffer.Take(read).SequenceEqual(twoBuffer.Take(read)))
                return false;
        }

        return true;
    }

    private static bool IsTargets(string packagePath, string file, string packageId)
    {
        var path = packagePath.Trim().TrimStart('/');
        var full = path.EndsWith(".targets", StringComparison.OrdinalIgnoreCase) ? path : path.TrimEnd('/') + "/" + Path.GetFileName(file);
        return (full.StartsWith("build/", StringComparison.OrdinalIgnoreCase) || full.StartsWith("buildTransitive/", StringComparison.OrdinalIgnoreCase))
            && Path.GetFileName(full).Equals(packageId + ".targets", StringComparison.OrdinalIgnoreCase);
    }
}
