using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>One way to call a model: what the caller hands over. A plain call takes all inputs, one of a stream those that are no states.</summary>
/// <param name="Dimensions">The unknown dimensions of all inputs, in the order in which they become known.</param>
internal sealed record CallPlan(EquatableArray<InputMember> Inputs, EquatableArray<DimensionMember> Dimensions)
{
    /// <summary>With more inputs than this a struct takes them.</summary>
    public const int MostParameters = 8;

    public bool UsesStruct => Inputs.Count > MostParameters;

    /// <summary>What each call is asked for.</summary>
    public IEnumerable<DimensionMember> Asked =>
        Dimensions.Where(dimension => dimension.Variable.IsAsked).OrderBy(dimension => dimension.Variable.Input).ThenBy(dimension => dimension.Variable.Axis);

    /// <summary>What is said once, when a stream is opened.</summary>
    public IEnumerable<DimensionMember> Opened => Dimensions.Where(dimension => dimension.Variable.IsOpened);
}
