using System.Xml;
using System.Xml.Linq;

namespace ModelBuild.Tasks.Items;

/// <summary>Reads a project file for what MSBuild keeps no trace of.</summary>
internal static class ProjectElements
{
    /// <summary>The elements that stand under no condition; none where the file cannot be read.</summary>
    /// <param name="project">The absolute path of the project file.</param>
    public static IReadOnlyList<XElement> Unconditional(string project)
    {
        try
        {
            // What stands under a condition may be meant for another build.
            return [.. XDocument.Load(project).Descendants().Where(element => element.AncestorsAndSelf().All(each => each.Attribute("Condition") is null))];
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            // It is not a file of its own, or is being written.
            return [];
        }
    }
}
