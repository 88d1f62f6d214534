namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>A rule that chooses the ranks of a layer's forms, and the form.</summary>
internal interface IRankRule
{
    /// <summary>The usual reason why a form has no rank.</summary>
    const string NoRank = "every rank needs more multiply-adds than allowed";

    /// <summary>Returns the rank of a form for a layer; 0 if no rank is possible.</summary>
    int Rank(FactorableLayer layer, FactorForm form, FactorTarget target, CancellationToken cancellationToken);

    /// <summary>Returns the reason why a layer has no rank.</summary>
    string WhyNone(FactorableLayer layer) => NoRank;

    /// <summary>Returns the cost by which forms are compared; the form with the least cost is kept.</summary>
    /// <param name="share">The share of the multiply-adds that remains.</param>
    /// <param name="loss">The error, as a share of the power of the outputs.</param>
    double Cost(double share, double loss) => loss;
}
