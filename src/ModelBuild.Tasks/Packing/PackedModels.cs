using System.Security;
using System.Text;
using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Packing;

/// <summary>Writes the targets file of a package with models, and compares files of the package.</summary>
internal static class PackedModels
{
    /// <summary>Returns the targets file that adds the models of a package to the projects that use it.</summary>
    /// <param name="paths">The paths of the models, which are the same in the package and beside the application.</param>
    public static string Targets(IEnumerable<string> paths)
    {
        var text = new StringBuilder(
            "<Project>\n  <!-- These are the ONNX models of the package. They are copied to the folder of the application that uses it. -->\n  <ItemGroup>\n"
        );
        foreach (var path in paths)
        {
            var escaped = SecurityElement.Escape(Escaped.Of(path));
            // The metadata ModelBuildPackaged marks a compressed model, so that the project that uses the package does not compress it again.
            text.Append(
                $"    <None Include=\"$(MSBuildThisFileDirectory)../{escaped}\" Link=\"{escaped}\" CopyToOutputDirectory=\"PreserveNewest\" "
                    + "Visible=\"false\" Pack=\"false\" ModelBuildPackaged=\"true\" />\n"
            );
        }

        return text.Append("  </ItemGroup>\n</Project>\n").ToString();
    }

    /// <summary>Returns the project's own targets file that NuGet would import instead of the generated one; null if there is none.</summary>
    public static string? OwnTargets(IEnumerable<ITaskItem> packageFiles, string packageId) =>
        packageFiles
            .Where(item => item.GetMetadata("PackagePath").Replace('\\', '/').Split(';').Any(path => IsTargets(path, item.ItemSpec, packageId)))
            .Select(item => item.GetMetadata("FullPath"))
            .FirstOrDefault();

    /// <summary>Returns whether a targets file contains the name of another one.</summary>
    public static bool Imports(string targets, string name) => File.Exists(targets) && File.ReadAllText(targets).Contains(name);

    /// <summary>Returns whether two files have the same bytes.</summary>
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
