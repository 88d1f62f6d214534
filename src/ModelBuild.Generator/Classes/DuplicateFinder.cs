using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Finds models with the same class name. The compiler compares the names of generated files without case and without the namespace.</summary>
internal static class DuplicateFinder
{
    public static EquatableArray<DuplicateClass> Find(IEnumerable<SignatureFile> files)
    {
        var first = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var duplicates = new List<DuplicateClass>();
        foreach (var file in files)
        {
            if (file.Signature is not { } signature)
                continue;
            if (first.TryGetValue(signature.ClassName, out var model))
                duplicates.Add(new DuplicateClass(file.Path, model));
            else
                first.Add(signature.ClassName, signature.Model);
        }

        return duplicates.ToEquatableArray();
    }
}
