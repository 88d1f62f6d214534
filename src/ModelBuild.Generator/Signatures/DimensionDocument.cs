using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>The JSON of a dimension.</summary>
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
