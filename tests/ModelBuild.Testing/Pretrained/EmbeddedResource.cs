using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ModelBuild.Testing.Pretrained;

/// <summary>Reads a resource out of a library without loading the library.</summary>
public static class EmbeddedResource
{
    /// <summary>Copies the resource to a file in the folder for temporary files. A later call finds the file there.</summary>
    /// <param name="library">The library's file.</param>
    /// <param name="ending">How the resource's name ends.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="InvalidDataException">The library has no such resource.</exception>
    public static unsafe string Extract(string library, string ending)
    {
        using var stream = File.OpenRead(library);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var resource =
            metadata
                .ManifestResources.Select(metadata.GetManifestResource)
                .Where(resource => resource.Implementation.IsNil && metadata.GetString(resource.Name).EndsWith(ending, StringComparison.Ordinal))
                .Select(resource => (ManifestResource?)resource)
                .FirstOrDefault()
            ?? throw new InvalidDataException($"'{library}' has no embedded resource whose name ends in '{ending}'.");

        // The file has the identifier of the build of the library in its name. A file is renamed to this name when it is complete, so an existing file is
        // complete.
        var file = Path.Combine(
            Path.GetTempPath(),
            $"modelbuild-{metadata.GetGuid(metadata.GetModuleDefinition().Mvid):N}-{metadata.GetString(resource.Name)}"
        );
        if (File.Exists(file))
            return file;
        var section = image.GetSectionData(image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        var reader = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
        var length = reader.ReadInt32();
        var partial = $"{file}.{Path.GetRandomFileName()}";
        using (var target = File.Create(partial))
            target.Write(new ReadOnlySpan<byte>(reader.CurrentPointer, length));
        File.Move(partial, file, overwrite: true);
        return file;
    }
}
