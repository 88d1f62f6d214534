using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Terminal;

/// <summary>
/// Represents a project with one target that runs one task. MSBuild's terminal logger shows the names of the project and the target while the task runs.
/// </summary>
/// <param name="Path">The absolute path of the file. Its name is the name of the project.</param>
/// <param name="Target">The target's name.</param>
internal sealed record ProgressProject(string Path, string Target)
{
    /// <summary>Writes the file of the project.</summary>
    /// <param name="path">The absolute path of the project.</param>
    /// <param name="words">The name of the target; characters that are not valid in a target name are replaced.</param>
    /// <param name="task">The name of the task that the target runs.</param>
    /// <param name="parameters">The task's parameters.</param>
    public static ProgressProject Write(string path, string words, Type task, params (string Name, string Value)[] parameters)
    {
        var target = Regex.Replace(words, @"(?<=\d)\.\d+", "").Replace('(', '[').Replace(')', ']');
        target = Regex.Replace(target, "[$@%*?.;'\"]", "-");
        var project = new XElement(
            "Project",
            new XElement("UsingTask", new XAttribute("TaskName", task.FullName!), new XAttribute("AssemblyFile", Escaped.Of(task.Assembly.Location))),
            new XElement(
                "Target",
                new XAttribute("Name", target),
                new XElement(task.Name, parameters.Select(parameter => new XAttribute(parameter.Name, Escaped.Of(parameter.Value))))
            )
        );
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, project.ToString());
        return new ProgressProject(path, target);
    }
}
