using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>Represents the JSON of a dimension in a signature file.</summary>
[DataContract]
internal sealed class DimensionDocument
{
    [DataMember(Name = SignatureFields.Name)]
    public string? Name { get; set; }

    [DataMember(Name = SignatureFields.Size)]
    public long? Size { get; set; }

    [DataMember(Name = SignatureFields.Member)]
    public string? Member { get; set; }
}
