using System.Runtime.Serialization.Json;
using System.Xml;
using System.Xml.Linq;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>
/// Reads the native libraries of ONNX Runtime for all platforms from NuGet's <c>project.assets.json</c>. The items of a build list the libraries for the
/// project's own platform only.
/// </summary>
internal static class RestoredNatives
{
    /// <summary>Returns the native libraries of ONNX Runtime in the order of the file; empty if the file does not exist or has another format.</summary>
    public static IReadOnlyList<RestoredNative> Read(string assetsFile)
    {
        if (!File.Exists(assetsFile))
            return [];
        try
        {
            using var stream = File.OpenRead(assetsFile);
            using var reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max);
            var root = XElement.Load(reader);
            string[] folders = [.. Members(root.Element("packageFolders")).Select(Name)];
            return [.. Members(root.Element("libraries")).SelectMany(library => Natives(library, folders))];
        }
        catch (XmlException)
        {
            return [];
        }
    }

    private static IEnumerable<RestoredNative> Natives(XElement library, string[] folders)
    {
        var path = library.Element("path")?.Value;
        if (path is null || library.Element("files") is not { } files)
            return [];
        var package = Name(library).Replace('/', ' ');
        var root = folders.Select(folder => Path.Combine(folder, path)).FirstOrDefault(Directory.Exists) ?? path;
        return files
            .Elements()
            .Select(file => NativePath.Of(file.Value))
            .OfType<NativePath>()
            .Where(native => native.IsOnnxRuntime)
            .Select(native => new RestoredNative(package, Path.Combine(root, "runtimes", native.RuntimeIdentifier, "native"), native.RuntimeIdentifier));
    }

    private static IEnumerable<XElement> Members(XElement? value) => value?.Elements() ?? [];

    // Returns the name of a member of a JSON object. The JSON reader stores a name that is not valid in XML in the attribute "item".
    private static string Name(XElement member) => member.Attribute("item")?.Value ?? member.Name.LocalName;
}
