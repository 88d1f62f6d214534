using System.Xml;
using System.Xml.Linq;
using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Items;

/// <summary>Finds <c>&lt;OnnxModel Update="…"&gt;</c> elements of a project file that have no effect, because no item has their path.</summary>
internal static class ItemUpdates
{
    /// <summary>
    /// Returns each path of an <c>Update</c> element that no item has, as the project file states it, with the paths of items that are similar to it.
    /// </summary>
    /// <param name="project">The absolute path of the project file.</param>
    /// <param name="models">The <c>OnnxModel</c> items.</param>
    public static IReadOnlyList<(string Written, IReadOnlyList<string> Near)> WithoutItem(string project, IEnumerable<ITaskItem> models)
    {
        var folder = Path.GetDirectoryName(project) ?? "";
        var paths = new HashSet<string>(models.Select(model => Paths.Absolute(folder, model.ItemSpec)), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. Unconditional(project)
                .Where(element => element.Name.LocalName == "OnnxModel")
                .SelectMany(element => (element.Attribute("Update")?.Value ?? "").Split(';'))
                .Select(entry => entry.Trim())
                .Where(entry => entry.Length > 0 && IsPath(entry) && !paths.Contains(Paths.Absolute(folder, entry)))
                .Select(entry => (entry, NearestName.All(entry.Replace('\\', '/'), paths.Select(path => Paths.Relative(folder, path))))),
        ];
    }

    private static IReadOnlyList<XElement> Unconditional(string project)
    {
        try
        {
            // Elements under a condition are not checked, because the condition may hold in other builds only.
            return [.. XDocument.Load(project).Descendants().Where(element => element.AncestorsAndSelf().All(each => each.Attribute("Condition") is null))];
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            // The file cannot be read as a project file, or another process is writing it, so no element is checked.
            return [];
        }
    }

    // Returns whether an entry is a plain path. Entries with properties, items, escapes or wildcards are not checked, because only MSBuild can evaluate them.
    private static bool IsPath(string entry) => entry.IndexOfAny(['$', '@', '%', '*', '?']) < 0;
}
